package dev.warder.auth;

import dev.warder.policy.Policy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of access tokens and certificates that belong to no client of {@code policy.file}, and of names in its {@code
 * token_names} with neither: at the start, and after that file, {@code clients.file} or {@code
 * clients.certificates} has changed. Files are seldom replaced at one time, so a change is reported only if the next look
 * finds no other. Silent without a policy.
 * One thread at a time.
 */
public final class TokenWarnings {
    private record Files(ClientFile clients, List<String> certified, Optional<Policy> policy) {}

    private static final Logger LOG = LoggerFactory.getLogger(TokenWarnings.class);

    private final ClientDirectory directory;
    private final ClientSettings clients;
    private @Nullable Files seen;
    private boolean reported;
    private List<String> last = List.of();

    public TokenWarnings(ClientSettings clients, ClientDirectory directory) {
        this.directory = directory;
        this.clients = clients;
    }

    public void report() {
        var files = files();
        seen = files;
        reported = true;
        List<String> warnings = files.policy()
                .map(policy -> warnings(policy, files.certified()))
                .orElse(List.of());
        if (!warnings.equals(last)) {
            warnings.forEach(LOG::warn);
            last = warnings;
        }
    }

    /** Reports what has changed; to be called after each look at the files, every 2 s. */
    public void look() {
        var files = files();
        if (seen == null || !seen.equals(files)) {
            seen = files;
            reported = false;
        } else if (!reported) {
            report();
        }
    }

    private Files files() {
        return new Files(directory.file(), clients.certificates().clientNames(), directory.policy());
    }

    private List<String> warnings(Policy policy, List<String> certified) {
        var listed = new TreeSet<String>();
        policy.principals().forEach(each -> listed.addAll(each.tokenNames()));
        var present = new TreeSet<>(directory.tokenNamesOfFile());
        if (directory.hasSharedToken()) {
            present.add(Client.SHARED.tokenName());
        }
        if (clients.open()) {
            present.add(Client.OPEN.tokenName());
        }
        var warnings = new ArrayList<String>();
        warning("access tokens that belong to no client and get 403", without(present, listed))
                .ifPresent(warnings::add);
        warning("client certificates that belong to no client and get 403", without(new TreeSet<>(certified), listed))
                .ifPresent(warnings::add);
        present.addAll(certified);
        warning("token_names without an access token or a certificate", without(listed, present))
                .ifPresent(warnings::add);
        return warnings;
    }

    private static List<String> without(SortedSet<String> names, Collection<String> others) {
        return names.stream().filter(name -> !others.contains(name)).toList();
    }

    private static Optional<String> warning(String words, List<String> names) {
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of("policy.file: " + words + " (" + names.size() + "): " + ClientDirectory.shown(names));
    }
}
