"""What the page of lessons needs beyond its script."""
