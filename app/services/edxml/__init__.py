"""Electronic documents from elsewhere: taken in once for each receiving body, doubtful ones left to a person."""
