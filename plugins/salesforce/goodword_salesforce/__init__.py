"""goodword's connector for Salesforce: referral tasks and stages inside the org."""
