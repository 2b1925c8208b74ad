package dev.boardwalk.store;

/**
 * A role that an organisation keeps for a user.
 *
 * @param project empty for every project
 * @param role reader, commenter, editor or owner
 */
public record Member(String user, String project, String role) {}
