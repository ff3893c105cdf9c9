FROM python:3.12-slim AS build
WORKDIR /build
COPY requirements/base.txt requirements/build.txt ./
RUN python -m venv /opt/panelist \
 && /opt/panelist/bin/pip install --no-cache-dir --require-hashes -r base.txt \
 && python -m pip install --no-cache-dir --require-hashes -r build.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY handlers handlers
COPY templates templates
RUN python -m pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
 && /opt/panelist/bin/pip install --no-cache-dir --no-deps /wheels/*.whl \
 && /opt/panelist/bin/pip uninstall --yes pip

FROM python:3.12-slim
RUN useradd --create-home --uid 10001 panelist \
 && install --directory --owner panelist --mode 700 /data
COPY --from=build /opt/panelist /opt/panelist
ENV PATH=/opt/panelist/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    PORT=3000 \
    LOG_FORMAT=json
USER panelist
WORKDIR /data
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/healthz\", timeout=4)"]
STOPSIGNAL SIGTERM
CMD ["panelist", "serve"]
