"""The account itself: details, calls used today, limits of custom properties, the key's scopes."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from goodword_hubspot.fake.answers import Answer, Json, RefusedError, not_found
from goodword_hubspot.fake.object_types import OBJECT_TYPES
from goodword_hubspot.fake.portal import Portal
from goodword_hubspot.fake.properties import MOST_CUSTOM
from goodword_hubspot.fake.rendering import page
from goodword_hubspot.fake.request import Request
from goodword_hubspot.fake.routing import Model, Route
from goodword_hubspot.fake.times import as_datetime, as_stamp


def read_details(portal: Portal, _: Request) -> Answer:
    """Tell portal id, time zone and currencies."""
    account = portal.account
    zone = ZoneInfo(account.time_zone)
    offset = as_datetime(portal.now()).astimezone(zone).utcoffset() or timedelta()
    minutes = round(offset.total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    others = [code for code in account.exchange_rates if code != account.currency]
    return Answer(
        200,
        {
            "portalId": account.portal_id,
            "accountType": "STANDARD",
            "timeZone": account.time_zone,
            "companyCurrency": account.currency,
            "additionalCurrencies": others,
            "utcOffset": f"{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}",
            "utcOffsetMilliseconds": minutes * 60_000,
            "uiDomain": "app-eu1.hubspot.com",
            "dataHostingLocation": "eu1",
        },
    )


def read_usage(portal: Portal, _: Request) -> Answer:
    """Tell how many calls private apps made today, and when the day ends."""
    now = portal.now()
    zone = ZoneInfo(portal.account.time_zone)
    tomorrow = as_datetime(now).astimezone(zone).date() + timedelta(days=1)
    midnight = datetime.combine(tomorrow, time(), zone)
    row: Json = {
        "name": "private-apps-api-calls-daily",
        "usageLimit": portal.account.tier.daily,
        "currentUsage": portal.limits.used_today,
        "collectedAt": as_stamp(now),
        "fetchStatus": "SUCCESS",
        "resetsAt": as_stamp(int(midnight.timestamp() * 1000)),
    }
    return Answer(200, page([row]))


def read_property_limits(portal: Portal, _: Request) -> Answer:
    """Tell how many custom properties each object has and may have."""
    rows: list[Json] = []
    for kind in OBJECT_TYPES:
        used = portal.definitions.custom_count(kind.name)
        rows.append(
            {
                "objectTypeId": kind.type_id,
                "singularLabel": kind.singular,
                "pluralLabel": kind.name,
                "limit": MOST_CUSTOM,
                "usage": used,
                "percentage": 100 * used / MOST_CUSTOM,
            }
        )
    used = sum(portal.definitions.custom_count(kind.name) for kind in OBJECT_TYPES)
    limit = MOST_CUSTOM * len(OBJECT_TYPES)
    body: Json = {
        "byObjectType": rows,
        "overallLimit": limit,
        "overallUsage": used,
        "overallPercentage": 100 * used / limit,
    }
    return Answer(200, body)


def read_token(portal: Portal, request: Request) -> Answer:
    """Tell the scopes of the key in the body, for private apps."""
    account = portal.account
    if not account.switches.token_info:
        raise not_found(message="Token information is not available for this kind of key.")
    if request.body.text("tokenKey") != account.key:
        raise RefusedError(400, "VALIDATION_ERROR", "The access token is not valid.")
    return Answer(
        200,
        {
            "userId": 9001,
            "hubId": account.portal_id,
            "appId": 4410001,
            "scopes": sorted(account.scopes),
        },
    )


ROUTES = (
    Route("GET", "/account-info/v3/details", "account details", read_details),
    Route(
        "GET",
        "/account-info/v3/api-usage/daily/private-apps",
        "account usage",
        read_usage,
    ),
    Route("GET", "/crm/v3/limits/custom-properties", "property limits", read_property_limits),
    Route(
        "POST",
        "/oauth/v2/private-apps/get/access-token-info",
        "token",
        read_token,
        model=Model("dict[str, str]", "hubspot.crm.contacts"),
        bucket="none",
    ),
)
