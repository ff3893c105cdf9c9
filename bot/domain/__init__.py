"""What hiring means to Panelist: values and rules, with no knowledge of Slack, files or tables."""
