package dev.warder.credential;

import dev.warder.credential.CredentialPool.Member;
import dev.warder.upstream.CompleteResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the upstream whether it still accepts a credential, by its list of models, after a 401 to a request
 * that is not sent again. The check is needed because the path or the content may have caused the 401. It runs at most
 * once a minute for each credential. If the upstream then rejects the credential, a login is renewed and any other
 * credential is benched (rule "Proof before blame"). Thread-safe; no method waits.
 */
public final class CredentialCheckup {
    private static final Logger LOG = LoggerFactory.getLogger(CredentialCheckup.class);
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int LARGEST = 256 * 1024;
    private static final int UNAUTHORIZED = 401;

    private final LongSupplier nanoTime;

    /** The checks under way, at most one for each credential. */
    private final Set<Question> open = ConcurrentHashMap.newKeySet();

    /** @param nanoTime a clock that never goes back */
    public CredentialCheckup(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Handles a 401 from the upstream.
     *
     * @param value the credential that the request carried
     */
    public void rejected(Candidates.Use use, UpstreamCredential value) {
        var member = use.member();
        if (!use.upstream().listsModels() || !member.beginCheck()) {
            return;
        }
        LOG.debug(
                "credential {}: asking the upstream whether it is valid, after 401",
                use.source().name());
        Question question;
        try {
            question = new Question(use.upstream().models(value, "limit=1", LARGEST), nanoTime.getAsLong());
        } catch (RuntimeException fault) {
            // The exchange that saw the 401 goes on in any case.
            LOG.error(
                    "credential {}: the upstream could not be asked",
                    use.source().name(),
                    fault);
            return;
        }
        open.add(question);
        var unused = question.response().whenComplete((response, failure) -> {
            open.remove(question);
            if (response != null && response.status() == UNAUTHORIZED) {
                confirmed(member, value);
            }
        });
    }

    /** Cancels checks that take too long; to be called a few times a second. */
    public void tick() {
        long now = nanoTime.getAsLong();
        open.forEach(question -> {
            if (now - question.began() > LIMIT.toNanos()) {
                question.response().cancel(false);
            }
        });
    }

    private static void confirmed(Member member, UpstreamCredential value) {
        if (!member.source().renewable()) {
            member.health.rejected();
            return;
        }
        var unused = member.source().inPlaceOf(value).whenComplete((renewed, failure) -> renewed(member, failure));
    }

    private static void renewed(Member member, @Nullable Throwable failure) {
        // A lost login takes itself out of use.
        if (failure != null
                && !CredentialSource.UnavailableException.of(failure).isTerminal()) {
            member.health.rejected();
        }
    }

    private record Question(CompletableFuture<CompleteResponse> response, long began) {}
}
