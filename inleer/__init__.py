"""inleer follows a group of job seekers from a future job to a lasting one."""

__version__ = "0.1.0"
