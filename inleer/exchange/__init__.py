"""Files in and out. The reading side is pure: bytes in, rows, problems and notices out.

archive      guards before a zipped file is parsed at all
tables       XLSX and CSV to rows of raw cells (sheets, csv_files do the work)
headers      which column is which, by the words organisations use
values       one raw cell to one value (with names, contacts and moments)
rows_*       a table to rows of one kind, with every problem at once
calendar_files  iCal to session rows
"""
