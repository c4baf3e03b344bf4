package dev.warder.admin.page;

import dev.warder.policy.PolicyKind;
import dev.warder.policy.PolicyName;
import dev.warder.principal.ApiTarget;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A page below {@code /admin/}. Immutable. */
public sealed interface PageTarget {
    String FOLDER = "/admin/";

    /** The parameter with a name that a path cannot have. */
    String NAME = "name";

    /** All objects of a kind. */
    record Objects(PolicyKind kind) implements PageTarget {
        @Override
        public String reference() {
            return plural(kind);
        }
    }

    /** One object, whether it exists or not. */
    record OneObject(PolicyName name) implements PageTarget {
        @Override
        public String reference() {
            if (name.kind().single()) {
                return name.kind().word();
            }
            String folder = plural(name.kind());
            return isPath(name.name())
                    ? folder + "/" + name.name()
                    : folder + "?" + NAME + "=" + URLEncoder.encode(name.name(), StandardCharsets.UTF_8);
        }

        @Override
        public boolean hasForms() {
            return true;
        }
    }

    /** A form for an object that is to be created. */
    record NewObject(PolicyKind kind) implements PageTarget {
        @Override
        public String reference() {
            return NEW + kind.word();
        }

        @Override
        public boolean hasForms() {
            return true;
        }
    }

    /** All access tokens. */
    record Tokens() implements PageTarget {
        @Override
        public String reference() {
            return "tokens";
        }
    }

    /** One access token. */
    record OneToken(String id) implements PageTarget {
        @Override
        public String reference() {
            return isPath(id) ? "tokens/" + id : "tokens";
        }

        @Override
        public boolean hasForms() {
            return true;
        }
    }

    /** Rate limits of all owners. */
    record Limits() implements PageTarget {
        @Override
        public String reference() {
            return "limits";
        }
    }

    /** The entries of the audit. */
    record Audit() implements PageTarget {
        @Override
        public String reference() {
            return "audit";
        }

        @Override
        public boolean hasForms() {
            return true;
        }
    }

    /** The page relative to {@code /admin/}, in characters that are safe in a header field. */
    String reference();

    default boolean hasForms() {
        return false;
    }

    default List<String> methods() {
        return hasForms() ? List.of("GET", "HEAD", "POST") : List.of("GET", "HEAD");
    }

    static Optional<PageTarget> of(String path, String name) {
        if (!path.startsWith(FOLDER)) {
            return Optional.empty();
        }
        String below = path.substring(FOLDER.length());
        if (below.equals("limits")) {
            return Optional.of(new Limits());
        }
        if (below.startsWith(NEW)) {
            return PolicyKind.of(below.substring(NEW.length()))
                    .filter(kind -> !kind.single())
                    .map(NewObject::new);
        }
        return ApiTarget.of(ApiTarget.FOLDER + below).flatMap(target -> of(target, name));
    }

    private static Optional<PageTarget> of(ApiTarget target, String name) {
        if (target instanceof ApiTarget.Objects objects) {
            return Optional.of(
                    name.isEmpty() ? new Objects(objects.kind()) : new OneObject(new PolicyName(objects.kind(), name)));
        }
        if (target instanceof ApiTarget.OneObject one) {
            return Optional.of(new OneObject(one.name()));
        }
        if (target instanceof ApiTarget.OneToken one) {
            return Optional.of(new OneToken(one.id()));
        }
        if (target instanceof ApiTarget.Tokens) {
            return Optional.of(new Tokens());
        }
        return target instanceof ApiTarget.Audit ? Optional.of(new Audit()) : Optional.empty();
    }

    static String plural(PolicyKind kind) {
        return kind.single() ? kind.word() : kind.word() + "s";
    }

    String NEW = "new/";

    Pattern PATH = Pattern.compile("[A-Za-z0-9._~!$&'()*+,=:@-]+(/[A-Za-z0-9._~!$&'()*+,=:@-]+)*");

    private static boolean isPath(String name) {
        return PATH.matcher(name).matches() && !name.endsWith(".") && !name.contains("./");
    }
}
