"""Set-up scripts of the checkout; not part of the distribution."""
