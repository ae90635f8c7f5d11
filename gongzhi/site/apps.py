from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured


class Config(AppConfig):
    name = "gongzhi.site"
    label = "site"

    def ready(self) -> None:
        """Stands last of our parts: every mechanism has been added, and none may start wrong."""
        from gongzhi.declare import checks, registry
        from gongzhi.people import signin
        from gongzhi.people.kinds import POST_KINDS
        from gongzhi.site import demo

        found = [s for m in registry.every() for s in checks.problems(m, post_kinds=POST_KINDS)]
        if found:
            raise ImproperlyConfigured("\n".join(found))
        signin.offer_demo(demo.offered)
