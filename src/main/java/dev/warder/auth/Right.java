package dev.warder.auth;

import dev.warder.config.InvalidValueException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The rights of a client. */
public enum Right {
    PASSTHROUGH,
    MANAGED,
    /**
     * Use a managed credential for all other paths: for resources that its workspace stores, which all clients share.
     * It adds to {@link #MANAGED}, and has no effect alone.
     */
    WORKSPACE,
    /**
     * Have the upstream search the web or fetch from it, with a managed credential and where the body of a request is read.
     */
    WEB,
    /** {@code admin:read}: read what this gateway itself serves below {@code /v1/organizations} and {@code /admin/api}. */
    ADMIN_READ,
    /** {@code admin:write}: change there clients, teams, tokens, budgets and limits. It includes {@link #ADMIN_READ}. */
    ADMIN_WRITE;

    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', ':');
    }

    static Right parse(String word) throws InvalidValueException {
        return Arrays.stream(values())
                .filter(right -> right.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException("must be one of " + words()));
    }

    static String words() {
        return Arrays.stream(values()).map(Right::word).collect(Collectors.joining(", "));
    }
}
