"""What scripts do with the files of a repository: sed, grep, awk, perl, cut and tr, tried on a line before and after an edit."""
