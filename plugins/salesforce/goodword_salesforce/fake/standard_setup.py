"""The fields of users, the org itself, permission sets, and the org's own lists for tasks."""

from __future__ import annotations

from goodword_salesforce.fake.fields import SYSTEM, Field, flag, link, shown, text

_LIST = (
    *SYSTEM,
    shown("MasterLabel", "string", 255),
    shown("ApiName", "string", 255),
    shown("SortOrder", "int"),
    shown("IsDefault", "boolean", default=False),
)
TASK_STATUS = (*_LIST, shown("IsClosed", "boolean", default=False))
TASK_PRIORITY = (*_LIST, shown("IsHighPriority", "boolean", default=False))
USER = (
    *SYSTEM,
    text("Username", 80, required=True),
    text("LastName", 80, required=True),
    text("FirstName", 40),
    shown("Name", "string", 121),
    text("CompanyName", 80),
    Field("Email", "email", 128, required=True),
    flag("IsActive"),
    text("Alias", 8),
    text("UserType", 40, default="Standard"),
    text("TimeZoneSidKey", 40, default="Europe/London"),
    text("LocaleSidKey", 40, default="en_GB"),
    text("LanguageLocaleKey", 40, default="en_US"),
    link("ManagerId", "User"),
)
GROUP = (*SYSTEM, text("Name", 40), text("Type", 40))
ORGANIZATION = (
    *SYSTEM,
    shown("Name", "string", 80),
    shown("OrganizationType", "string", 40),
    shown("InstanceName", "string", 5),
    shown("IsSandbox", "boolean", default=False),
    shown("DefaultLocaleSidKey", "string", 40),
    shown("LanguageLocaleKey", "string", 40),
    shown("TimeZoneSidKey", "string", 40),
    shown("DefaultCurrencyIsoCode", "string", 3, feature="currencies"),
)
PERMISSION_SET = (
    *SYSTEM,
    shown("Name", "string", 80),
    shown("Label", "string", 80),
    shown("Description", "string", 255),
    shown("IsCustom", "boolean", default=True),
    shown("IsOwnedByProfile", "boolean", default=False),
    shown("NamespacePrefix", "string", 15),
)
ASSIGNMENT = (
    *SYSTEM,
    Field(
        *("PermissionSetId", "reference", 18),
        refers=("PermissionSet",),
        relationship="PermissionSet",
        required=True,
        updateable=False,
    ),
    Field(
        *("AssigneeId", "reference", 18),
        refers=("User",),
        relationship="Assignee",
        required=True,
        updateable=False,
    ),
    shown("IsActive", "boolean", default=True),
)
LIST_VIEW = (
    *SYSTEM,
    shown("Name", "string", 80),
    shown("DeveloperName", "string", 80),
    shown("SobjectType", "picklist", 40),
    shown("NamespacePrefix", "string", 15),
)
NAME = (
    shown("Id", "id", 18),
    shown("Name", "string", 255),
    shown("Type", "string", 40),
    shown("IsActive", "boolean"),
    shown("Email", "email", 80),
    shown("FirstName", "string", 40),
    shown("LastName", "string", 80),
    shown("Username", "string", 80),
)
"""What can be asked of a record whose object differs from row to row: ``Who.Type``."""
