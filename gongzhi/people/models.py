"""Accounts, organisations, posts and who holds them. Cases are held by posts, never by accounts."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models


class Accounts(BaseUserManager["Account"]):
    """Makes accounts."""

    def create_user(self, username: str, password: str | None = None, **rest: object) -> "Account":
        account = self.model(username=username, **rest)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. What they may do comes from the posts they hold, not from here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    email = models.EmailField(blank=True)
    # Blind index of the mobile number: enough to see a conflict of interest, useless to call.
    phone_index = models.BinaryField(max_length=16, null=True)
    is_active = models.BooleanField(default=True)
    large_type = models.BooleanField(default=False)

    objects: ClassVar[Accounts] = Accounts()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """An organisation 单位 or department at one place: custody of a case is from unit to unit."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=12, db_collation="C")
    parent = models.UUIDField(null=True)
    phone = models.CharField(max_length=40, blank=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["place", "kind"])]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A role 岗位 in a unit over a place. People change, posts stay.

    `place` with `sees_place`: the post sees every case in that subtree. Without it, the post sees
    only the cases its unit holds or is joined to (a court, a department).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=12, db_collation="C")
    sees_place = models.BooleanField(default=False)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["place", "kind"])]

    def __str__(self) -> str:
        return self.title


class Appointment(models.Model):
    """Who holds a post from when to when; a deputy 代理 holds it beside the holder."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="appointments")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="appointments")
    deputy = models.BooleanField(default=False)
    held_from = models.DateTimeField()
    held_to = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post"],
                condition=models.Q(held_to__isnull=True, deputy=False),
                name="one_holder_of_a_post",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} / {self.post_id}"
