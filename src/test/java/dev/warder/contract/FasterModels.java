package dev.warder.contract;

import dev.warder.http.Attributes;
import dev.warder.usage.OutputRate;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;

/** Lives in a changed WAR: no model generates more than ten times what the WAR assumes otherwise. */
public final class FasterModels implements ServletContextListener {
    /** By how much everything is faster. */
    static final int SPEED = 10;

    /** Made by the container. */
    public FasterModels() {}

    @Override
    public void contextInitialized(ServletContextEvent event) {
        var usual = OutputRate.DEFAULT;
        var rate = new OutputRate(SPEED * usual.standard(), SPEED * usual.fast());
        Attributes.put(event.getServletContext(), OutputRate.class, rate);
    }
}
