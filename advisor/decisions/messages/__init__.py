"""The messaging decision: a month of messages, and what each service costs that carries them."""

from advisor.decisions.messages.flow import Messages, messages
from advisor.decisions.messages.options import MESSAGING, messaging_part

__all__ = ["MESSAGING", "Messages", "messages", "messaging_part"]
