package dev.warder.http;

/** Who sent a request. It is an attribute of the request as soon as it is known; a request without one is a stranger's. */
public interface Caller {
    String name();
}
