"""Settings are checked at start, and each fault is a sentence that says what to write."""

import base64
from dataclasses import fields, replace

import pytest

from gongzhi.site import reference, settings
from gongzhi.site.config import (
    Config,
    ConfigError,
    app_password,
    app_url,
    new_key,
    problems,
    read,
    variable,
)

GOOD = Config(
    database_url="postgresql://owner:secret@db.example:5432/gongzhi",
    secret_key="x" * 40,
    field_keys=f"k1:{new_key()}",
    index_key=new_key(),
)


def test_an_empty_environment_gives_the_defaults() -> None:
    assert read({}) == Config()


def test_values_are_read_as_their_kind() -> None:
    config = read({"GONGZHI_PORT": "8123", "GONGZHI_DEMO": "yes", "GONGZHI_HOTLINE": "12345"})
    assert (config.port, config.demo, config.hotline) == (8123, True, "12345")


@pytest.mark.parametrize(
    ("name", "value"), [("GONGZHI_PORT", "eight"), ("GONGZHI_HTTPS", "perhaps")]
)
def test_a_value_of_the_wrong_kind_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"{name} is '{value}'"):
        read({name: value})


def test_a_misspelt_setting_is_not_passed_over() -> None:
    with pytest.raises(ConfigError, match="GONGZHI_SECRETKEY is not a setting"):
        read({"GONGZHI_SECRETKEY": "x"})


def test_other_programs_variables_are_none_of_our_business() -> None:
    read({"PATH": "/bin", "GONGZHI_TEST_DATABASE_URL": "postgresql://…"})


def test_a_threshold_that_protects_nobody_is_a_problem() -> None:
    assert problems(replace(GOOD, account_least=2)) != []


def test_a_whole_configuration_has_no_problems() -> None:
    assert problems(GOOD) == []


@pytest.mark.parametrize("name", ["secret_key", "field_keys", "index_key", "database_url"])
def test_a_missing_secret_is_a_problem_that_names_it(name: str) -> None:
    found = problems(replace(GOOD, **{name: ""}))  # type: ignore[arg-type]
    assert len(found) == 1 and variable(name) in found[0]


def test_no_secret_has_a_default() -> None:
    assert {f.default for f in fields(Config) if f.metadata["secret"]} == {""}


def test_internals_are_shown_in_the_demo_only() -> None:
    assert problems(replace(GOOD, debug=True)) != []
    assert problems(replace(GOOD, debug=True, demo=True)) == []


def test_the_application_connects_as_its_own_role_with_a_password_of_its_own() -> None:
    url = app_url(GOOD)
    assert url == f"postgresql://gongzhi_app:{app_password(GOOD)}@db.example:5432/gongzhi"
    assert app_password(GOOD) != app_password(replace(GOOD, secret_key="y" * 40))


def test_a_named_connection_of_the_application_wins() -> None:
    assert app_url(replace(GOOD, app_database_url="postgresql://a@b/c")) == "postgresql://a@b/c"


def test_every_key_is_new_and_has_32_bytes() -> None:
    assert len({new_key() for _ in range(20)}) == 20
    assert len(base64.b64decode(new_key())) == 32


def test_every_setting_stands_in_the_reference() -> None:
    page = reference.configuration()
    assert all(f"`{variable(f.name)}`" in page for f in fields(Config))


def test_only_the_server_of_tiles_is_let_in() -> None:
    assert settings.tile_servers("") == []
    assert settings.tile_servers("https://t0.example.cn/{z}/{x}/{y}.png?k=1") == [
        "https://t0.example.cn"
    ]
