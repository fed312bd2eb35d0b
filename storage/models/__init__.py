"""The schema: one class a table, one file a noun. Migrations bring a database to it.

Importing this package declares every table in `METADATA`.
"""

from storage.models.accounts import Account
from storage.models.attachments import Attachment
from storage.models.base import Row, table_of
from storage.models.calendar import Appointment, ChairTime, Hold, Visit
from storage.models.clinics import Clinic, Provider, VisitType, WorkingHours
from storage.models.conversations import ClaimedUpdate, Conversation, QuarantinedUpdate, Received
from storage.models.corrections import Correction
from storage.models.decisions import GateDecision, PolicySignature
from storage.models.jobs import ImportRun, JobRun, Pulse
from storage.models.ledger import LedgerCheckpoint, LedgerEntry, LedgerHead
from storage.models.outbox import Outgoing
from storage.models.passes import Pass
from storage.models.patients import Address, Household, Patient, PersonKey
from storage.models.release import BatchChoice, BatchRelease
from storage.models.staff import Staff, StaffAction
from storage.models.tickets import Ticket
from storage.models.topics import DeskCode, DeskGroup, RefusedAccount, StaffAccount, Topic, TopicLine, TopicPost
from storage.models.worklist import WorklistItem

METADATA = Row.metadata

__all__ = [
    "METADATA",
    "Account",
    "Address",
    "Appointment",
    "Attachment",
    "BatchChoice",
    "BatchRelease",
    "ChairTime",
    "ClaimedUpdate",
    "Clinic",
    "Conversation",
    "Correction",
    "DeskCode",
    "DeskGroup",
    "GateDecision",
    "Hold",
    "Household",
    "ImportRun",
    "JobRun",
    "LedgerCheckpoint",
    "LedgerEntry",
    "LedgerHead",
    "Outgoing",
    "Pass",
    "Patient",
    "PersonKey",
    "PolicySignature",
    "Provider",
    "Pulse",
    "QuarantinedUpdate",
    "Received",
    "RefusedAccount",
    "Row",
    "Staff",
    "StaffAccount",
    "StaffAction",
    "Ticket",
    "Topic",
    "TopicLine",
    "TopicPost",
    "Visit",
    "VisitType",
    "WorkingHours",
    "WorklistItem",
    "table_of",
]
