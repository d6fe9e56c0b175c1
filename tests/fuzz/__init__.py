"""Promise 47: a fuzzer that follows which lines the readers of files come to."""
