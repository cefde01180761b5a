"""The settings of the web console."""

from typing import Literal

from pydantic_settings import BaseSettings

from fanmill.setting_values import List


class ConsoleSettings(BaseSettings):
    """Accounts, rights and look of the console; `Settings` adds the rest."""

    console_accounts_file: str = ""
    """TOML file with users and tokens of the console; empty: no login, and everybody has
    `console_role`."""

    console_role: Literal["reader", "operator", "admin"] = "reader"
    """Role of viewers of the console without accounts. More than `reader` needs a loopback
    address."""

    console_hosts: List = ()
    """Host names under which the console may be reached, separated by commas; loopback addresses
    always may."""

    console_proxy_user_header: str = ""
    """Header with the user that a trusted proxy has logged in, such as X-Forwarded-User; empty:
    none."""

    console_proxy_role_header: str = ""
    """Header with the role of that user; without it users of the proxy are readers."""

    console_trusted_proxies: List = ()
    """Addresses or networks of proxies whose headers count, separated by commas."""

    console_label: str = ""
    """Name of the installation on every page of the console, such as production."""

    console_text: bool = True
    """Show titles, summaries and texts of documents in the console; `off` hides them."""
