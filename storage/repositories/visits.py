"""Visits that took place or were missed, the check-ins they lead to, and the day's returning patients.

Marking a visit changes its appointment, the patient's last and next visit and the check-in in one transaction, once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, insert, select, update

from flows.ids import AppointmentId, PatientId, StaffId, VisitId
from flows.outreach.cadence import Care
from storage.models import Appointment, Clinic, Patient, Provider, Visit, table_of
from storage.repositories import appointments
from storage.repositories.appointments import StoredAppointment
from storage.repositories.next_visits import follow_appointments, lock_patient
from storage.scope import Scope
from storage.vocabulary import AppointmentStatus

_appointments = table_of(Appointment)
_clinics = table_of(Clinic)
_patients = table_of(Patient)
_providers = table_of(Provider)
_visits = table_of(Visit)
_instant = _visits.c.check_in_due_at.type
