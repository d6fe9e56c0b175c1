"""Operations: setting up, serving, keeping copies, and looking whether all is well."""
