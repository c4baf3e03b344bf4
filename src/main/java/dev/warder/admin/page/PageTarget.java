package dev.warder.admin.page;

import dev.warder.policy.PolicyKind;
import dev.warder.policy.PolicyName;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/** A page below {@code /admin/}. Immutable. */
public sealed interface PageTarget {
    /** The parameter with a name that a path cannot have. */
    String NAME = "name";

    String NEW = "new/";

    Pattern PATH = Pattern.compile("[A-Za-z0-9._~!$&'()*+,=:@-]+(/[A-Za-z0-9._~!$&'()*+,=:@-]+)*");

    /** All objects of a kind. */
    record Objects(PolicyKind kind) implements PageTarget {}

    /** One object, whether it exists or not. */
    record OneObject(PolicyName name) implements PageTarget {}

    /** A form for an object that is to be created. */
    record NewObject(PolicyKind kind) implements PageTarget {}

    /** All access tokens. */
    record Tokens() implements PageTarget {}

    /** One access token. */
    record OneToken(String id) implements PageTarget {}

    /** Rate limits of all owners. */
    record Limits() implements PageTarget {}

    /** The entries of the audit. */
    record Audit() implements PageTarget {}

    /** The page relative to {@code /admin/}, in characters that are safe in a header field. */
    default String reference() {
        if (this instanceof Objects objects) {
            return plural(objects.kind());
        }
        if (this instanceof OneObject one) {
            return reference(one.name());
        }
        if (this instanceof NewObject made) {
            return NEW + made.kind().word();
        }
        if (this instanceof OneToken one && isPath(one.id())) {
            return "tokens/" + one.id();
        }
        return place().reference;
    }

    default Navigation place() {
        if (this instanceof Objects objects) {
            return place(objects.kind());
        }
        if (this instanceof OneObject one) {
            return place(one.name().kind());
        }
        if (this instanceof NewObject made) {
            return place(made.kind());
        }
        if (this instanceof Limits) {
            return Navigation.LIMITS;
        }
        return this instanceof Audit ? Navigation.AUDIT : Navigation.TOKENS;
    }

    static Navigation place(PolicyKind kind) {
        return switch (kind) {
            case CLIENT -> Navigation.CLIENTS;
            case TEAM -> Navigation.TEAMS;
            default -> Navigation.LIMITS;
        };
    }

    /** This page, or that of an object in the list that has this name; an empty name is none. */
    default PageTarget named(String name) {
        return this instanceof Objects objects && !name.isEmpty()
                ? new OneObject(new PolicyName(objects.kind(), name))
                : this;
    }

    /** The segment of the path that has all of a kind. */
    static String plural(PolicyKind kind) {
        return kind.single() ? kind.word() : kind.word() + "s";
    }

    /** The plural with a capital. */
    static String title(PolicyKind kind) {
        return capital(plural(kind));
    }

    static String title(PolicyName name) {
        String title = capital(name.kind().word());
        return name.kind().single() ? title : title + " " + name.name();
    }

    private static String capital(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    private static String reference(PolicyName name) {
        String folder = plural(name.kind());
        if (name.kind().single()) {
            return folder;
        }
        return isPath(name.name())
                ? folder + "/" + name.name()
                : folder + "?" + NAME + "=" + URLEncoder.encode(name.name(), StandardCharsets.UTF_8);
    }

    private static boolean isPath(String name) {
        return PATH.matcher(name).matches() && !name.endsWith(".") && !name.contains("./");
    }
}
