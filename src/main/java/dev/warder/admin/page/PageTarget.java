package dev.warder.admin.page;

import dev.warder.config.InvalidValueException;
import dev.warder.policy.PolicyName;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A page of the policy below {@code /admin/}. Immutable.
 *
 * @param place the part of the pages to which it belongs
 * @param reference the page relative to {@code /admin/}, in characters that are safe in a header field
 * @param work makes it
 */
public record PageTarget(Navigation place, String reference, Work work) {
    /** The parameter with a name that a path cannot have. */
    public static final String NAME = "name";

    public static final String NEW = "new/";

    /** All access tokens. */
    public static final PageTarget TOKENS =
            list(Navigation.TOKENS, forms -> TokenList.of(forms.request(), forms.view(), forms.now(), forms.isInUse()));

    /** Rate limits of all owners. */
    public static final PageTarget LIMITS =
            list(Navigation.LIMITS, forms -> LimitList.of(forms.request(), forms.view(), forms.isInUse()));

    /** The entries of the audit. */
    public static final PageTarget AUDIT = list(Navigation.AUDIT, AuditPage::of);

    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9._~!$&'()*+,=:@-]+(/[A-Za-z0-9._~!$&'()*+,=:@-]+)*");

    /** Makes a page, or the outcome of its form. Waits for the database. */
    @FunctionalInterface
    public interface Work {
        /** @throws InvalidValueException if the range of a list is wrong, with the reason for the caller */
        PageReply reply(ObjectForms forms) throws InvalidValueException, SQLException;
    }

    private static PageTarget list(Navigation place, Work work) {
        return new PageTarget(place, place.reference, work);
    }

    /** All objects of a kind, or the one of this name, whether it exists or not. */
    public static PageTarget of(PolicyName.Kind kind, String name) {
        return kind.single()
                ? of(new PolicyName(kind, ""))
                : name.isEmpty()
                        ? new PageTarget(place(kind), plural(kind), forms -> forms.objects(kind))
                        : of(new PolicyName(kind, name));
    }

    public static PageTarget of(PolicyName name) {
        return new PageTarget(place(name.kind()), reference(name), forms -> forms.object(name));
    }

    /** A form for an object that is to be created. */
    public static PageTarget newObject(PolicyName.Kind kind) {
        return new PageTarget(place(kind), NEW + kind.word(), forms -> forms.create(kind));
    }

    /** One access token. */
    public static PageTarget token(String id) {
        String reference = isPath(id) ? "tokens/" + id : Navigation.TOKENS.reference;
        return new PageTarget(Navigation.TOKENS, reference, forms -> forms.token(id));
    }

    public static Navigation place(PolicyName.Kind kind) {
        return switch (kind) {
            case CLIENT -> Navigation.CLIENTS;
            case TEAM -> Navigation.TEAMS;
            default -> Navigation.LIMITS;
        };
    }

    /** The segment of the path that has all of a kind. */
    public static String plural(PolicyName.Kind kind) {
        return kind.single() ? kind.word() : kind.word() + "s";
    }

    /** The plural with a capital. */
    public static String title(PolicyName.Kind kind) {
        return capital(plural(kind));
    }

    public static String title(PolicyName name) {
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
