"""Other people's formats: PO, XLIFF and TMX. Values in, text out; text in, values out."""
