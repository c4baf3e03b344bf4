package dev.warder.cli;

import dev.warder.oauth.AuthorizationRequest;
import dev.warder.oauth.AuthorizationResponse;
import dev.warder.oauth.ControlException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits for the end of a login: for text that a person pastes and, if the redirect leads to this machine, for the browser. One
 * thread at a time.
 */
final class RedirectWait {
    private static final long MINUTES = 10;
    private static final String PASTE =
            "Paste what is shown there (code#state), or the whole address that the browser was sent to, and press Enter:";

    private final Console console;
    private final CompletableFuture<AuthorizationResponse> response = new CompletableFuture<>();

    RedirectWait(Console console) {
        this.console = console;
    }

    /** The first response that arrives; the wait ends with the validity of the login. */
    AuthorizationResponse response(AuthorizationRequest request) throws ControlException {
        var listener = request.redirectUri()
                .filter(LoopbackListener::canServe)
                .flatMap(uri -> LoopbackListener.start(uri, request.state(), response));
        try {
            if (listener.isPresent()) {
                console.out().println("Waiting for the browser. If it runs on another machine:");
            }
            console.out().println(PASTE);
            console.out().flush();
            var reader = new Thread(() -> read(listener.isPresent()), "warder-paste");
            reader.setDaemon(true);
            reader.start();
            return response.get(MINUTES, TimeUnit.MINUTES);
        } catch (ExecutionException nothing) {
            throw new ControlException("no code was given");
        } catch (TimeoutException late) {
            throw new ControlException("no code came within " + MINUTES + " minutes; begin again");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new ControlException("it was broken off");
        } finally {
            listener.ifPresent(LoopbackListener::stop);
        }
    }

    /** Reads what a person pastes. If the input ends, the browser may still bring the response. */
    private void read(boolean listening) {
        var lines = new BufferedReader(new InputStreamReader(console.in(), Charset.defaultCharset()));
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                var pasted = AuthorizationResponse.ofPasted(line);
                if (pasted.isPresent()) {
                    response.complete(pasted.get());
                    return;
                }
                console.err().println("warder: that is neither code#state nor an address with a code; try again");
            }
        } catch (IOException closed) {
            console.err().println("warder: the input cannot be read");
        }
        if (!listening) {
            response.completeExceptionally(new ControlException("no code was given"));
        }
    }
}
