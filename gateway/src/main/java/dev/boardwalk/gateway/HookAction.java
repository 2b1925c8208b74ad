package dev.boardwalk.gateway;

/** A stateless message that an application wants sent: to everybody in the document, or to whom it answers. */
record HookAction(boolean toAll, String payload) {}
