"""The city's own sign-in, reached from the page of sign-in under the content policy."""

from copy import deepcopy

import pytest
from django.conf import settings
from django.test import override_settings
from playwright.sync_api import Browser

from gongzhi.site.settings import form_targets
from tests.browser.pages import PHONE, opened
from tests.stories.test_sign_in import Issuer, issuer

pytestmark = pytest.mark.browser
__all__ = ["issuer"]  # the fixture


def test_the_content_policy_lets_a_form_lead_to_the_city(
    browser: Browser, served: str, issuer: Issuer
) -> None:
    policy = deepcopy(settings.CONTENT_SECURITY_POLICY)
    policy["DIRECTIVES"]["form-action"] = form_targets(f"{issuer.url}/realms/city")
    with override_settings(CONTENT_SECURITY_POLICY=policy):
        page = opened(browser, PHONE, bypass_csp=False)
        page.goto(served + "/accounts/login/")
        page.locator("a[href*='/oidc/city/']").click(timeout=5000)
        page.locator("main form button").first.click(timeout=5000)
        page.wait_for_url(f"{issuer.url}/authorize?**", timeout=5000)
        page.context.close()
