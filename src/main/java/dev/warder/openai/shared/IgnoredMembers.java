package dev.warder.openai.shared;

import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The names of the members that are not sent upstream, for the field {@code X-Warder-Ignored}. A name that a field cannot
 * hold, or too many names, cause a refusal: nothing is dropped silently. One thread at a time.
 */
public final class IgnoredMembers {
    private static final int MOST = 64;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.$-]{1,64}");

    private final SortedSet<String> names = new TreeSet<>();

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    void add(String name) throws RefusedException {
        if (!isName(name)) {
            throw new RefusedException(RequestRefusal.unrecognized("The request has a member of an unusable name."));
        }
        names.add(name);
        if (names.size() > MOST) {
            throw new RefusedException(RequestRefusal.unrecognized("The request has too many unknown members."));
        }
    }

    public SortedSet<String> names() {
        return new TreeSet<>(names);
    }
}
