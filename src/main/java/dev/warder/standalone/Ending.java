package dev.warder.standalone;

import dev.warder.demo.DemoUpstream;
import java.time.Duration;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The end after SIGTERM: open exchanges end, then the server stops. */
final class Ending implements Runnable {
    private static final Logger LOG = Logger.getLogger(Ending.class.getName());
    // After the configured time the application itself ends what is still open. This is the additional time for that.
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Duration drain;
    private final WebServer server;
    private final Optional<DemoUpstream> demo;
    private final NodeData data;

    Ending(Duration drain, WebServer server, Optional<DemoUpstream> demo, NodeData data) {
        this.drain = drain;
        this.server = server;
        this.demo = demo;
        this.data = data;
    }

    @Override
    public void run() {
        LOG.info("Draining: new requests are refused, open exchanges may finish");
        new Drain(drain.plus(GRACE), System::nanoTime).run();
        try {
            server.stop();
            if (demo.isPresent()) {
                demo.get().stop();
            }
            data.close();
            LOG.info("Stopped");
        } catch (Exception failed) {
            LOG.log(Level.WARNING, "The server did not stop cleanly", failed);
        }
    }
}
