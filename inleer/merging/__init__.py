"""People who were entered twice: who they could be, joining them, and the way back."""
