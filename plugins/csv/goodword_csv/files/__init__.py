"""Files on disk, byte for byte: CSV text and workbook parts, read and patched without loss."""
