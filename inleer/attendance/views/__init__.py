"""Pages of teachers and the leerhome around lessons: the day and the week, the register, changes of a lesson."""

from inleer.attendance.views import changes, lessons, register
from inleer.attendance.views.base import blueprint

__all__ = ["blueprint", "changes", "lessons", "register"]
