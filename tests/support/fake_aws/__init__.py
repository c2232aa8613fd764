"""A fake of Amazon's ECR, STS, IAM Identity Center and of the metadata services, as strict as AWS.

`python3 -m fake_aws DIRECTORY` serves until it is killed; see __main__.py.
"""
