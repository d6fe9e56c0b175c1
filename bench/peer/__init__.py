"""What somebody would build instead: the board (P1) as a tuned Django view on the same tables."""
