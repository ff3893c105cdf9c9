"""What a test of an app needs beside the page: everything as JSON, reset, faults on purpose."""
