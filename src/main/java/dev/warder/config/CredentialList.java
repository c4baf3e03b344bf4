package dev.warder.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads {@code upstream.credentials}. Problems speak of entries by number: who forgets the name writes a secret where
 * the name should be.
 */
final class CredentialList {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");
    private static final String BEARER = "bearer:";

    private final SecretReferences secrets;
    private final Findings findings;
    private final Set<String> names = new HashSet<>();

    CredentialList(SecretReferences secrets, Findings findings) {
        this.secrets = secrets;
        this.findings = findings;
    }

    /** The usable entries in their order; every other one is a problem. */
    List<ManagedCredential> parse(String text) {
        var credentials = new ArrayList<ManagedCredential>();
        int number = 0;
        for (String entry : text.split(";")) {
            number++;
            if (entry.isBlank()) {
                continue;
            }
            try {
                credentials.add(credential(entry.strip()));
            } catch (InvalidValueException refused) {
                findings.problem(Setting.UPSTREAM_CREDENTIALS, "entry " + number + ": " + refused.reason());
            }
        }
        return credentials;
    }

    private ManagedCredential credential(String entry) throws InvalidValueException {
        int equals = entry.indexOf('=');
        if (equals < 0) {
            throw new InvalidValueException("must be NAME=SECRET or NAME=bearer:SECRET");
        }
        String name = name(entry.substring(0, equals).strip());
        String reference = entry.substring(equals + 1).strip();
        if (reference.equals("oauth") || reference.equals("federation")) {
            throw new InvalidValueException(reference + " is not part of this version; refer to a key or token");
        }
        boolean bearer = reference.startsWith(BEARER);
        String secret = bearer ? reference.substring(BEARER.length()).strip() : reference;
        return new ManagedCredential.Fixed(
                name, 1, bearer, secrets.resolve(Setting.UPSTREAM_CREDENTIALS, secret, SecretRule.ANY));
    }

    private String name(String name) throws InvalidValueException {
        if (name.indexOf('*') >= 0) {
            throw new InvalidValueException("a weight (NAME*WEIGHT) is not part of this version");
        }
        if (!NAME.matcher(name).matches() || name.startsWith("sk-ant-")) {
            throw new InvalidValueException("the name must have lower-case letters, digits and -, a letter first");
        }
        if (!names.add(name)) {
            throw new InvalidValueException("has the name of an entry before it");
        }
        return name;
    }
}
