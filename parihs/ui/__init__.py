"""The pages: widgets only; what they show is computed in the rooms below."""
