package dev.warder.policy;

/**
 * Who makes a change. Immutable.
 *
 * @param name the name of an access token, or of {@code admin.token} with the name that was given at sign-in
 * @param address the address that the request came from
 * @param requestId the id of the request in the log
 */
public record Actor(String name, String address, String requestId) {}
