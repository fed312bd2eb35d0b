"""The identifiers of the house: time-ordered integers made in code, each kind with a type of its own.

Every row is found by the pair (clinic, id); an id alone never leaves its clinic.
"""

from typing import NewType

ClinicId = NewType("ClinicId", int)
PatientId = NewType("PatientId", int)
HouseholdId = NewType("HouseholdId", int)
AddressId = NewType("AddressId", int)
ConversationId = NewType("ConversationId", int)
ProviderId = NewType("ProviderId", int)
VisitTypeId = NewType("VisitTypeId", int)
AppointmentId = NewType("AppointmentId", int)
VisitId = NewType("VisitId", int)
TicketId = NewType("TicketId", int)
StaffId = NewType("StaffId", int)
OutboxId = NewType("OutboxId", int)
LedgerEventId = NewType("LedgerEventId", int)
AttachmentId = NewType("AttachmentId", int)
TopicId = NewType("TopicId", int)
