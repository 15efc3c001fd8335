"""``doorline review``: the web console."""

from __future__ import annotations

from datetime import UTC, datetime

from pipeline.cli.options import ConfigOption
from pipeline.cli.printing import OUT


def review(config: ConfigOption) -> None:
    """Serve the web console, where people decide what becomes of violations, until told to stop (Ctrl-C, SIGTERM).

    Needs an account: see doorline accounts add. Exit code 0: stopped as asked; 2: usage or configuration.
    """
    import uvicorn

    from pipeline.config_files import load_settings
    from pipeline.records import Records
    from pipeline.review.app import create_app
    from pipeline.review.console import Console
    from pipeline.shops import load_shops

    settings = load_settings(config)
    shops = load_shops(settings.shops) if settings.shops else None
    host, _, port = settings.review.listen.rpartition(":")
    with Records.open(settings.records.url, busy_timeout_s=settings.records.busy_timeout_s) as records:
        app = create_app(Console(settings, records, shops, lambda: datetime.now(UTC)))
        if not records.accounts.list():
            OUT.print(
                f"nobody has an account yet: doorline accounts add NAME --role reviewer --config {config}", soft_wrap=True, markup=False
            )
        OUT.print(f"the console is at http://{settings.review.listen}/", soft_wrap=True, markup=False)
        uvicorn.run(app, host=host.strip("[]"), port=int(port), log_level="warning", server_header=False, proxy_headers=False)
