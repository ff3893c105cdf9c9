"""What the board reads and keeps."""
