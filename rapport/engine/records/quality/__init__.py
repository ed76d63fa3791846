"""Quality of data: how complete, valid and fresh each record is, by rules that administrators edit."""
