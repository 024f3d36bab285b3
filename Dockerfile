FROM python:3.11-slim AS build
WORKDIR /build
# With --build-arg LOCK=requirements-ray.lock the same image serves, and is a node of a Ray cluster.
ARG LOCK=requirements.lock
COPY requirements.lock requirements-ray.lock ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r $LOCK
COPY . .
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim
RUN useradd --create-home --uid 10001 nudge
COPY --from=build /venv /venv
USER nudge
# A new volume belongs to the user to whom the folder under it belongs.
RUN mkdir /home/nudge/store /home/nudge/cache
VOLUME /home/nudge/store /home/nudge/cache
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 \
    NUDGE_STORE_DIR=/home/nudge/store NUDGE_CACHE_DIR=/home/nudge/cache
WORKDIR /home/nudge
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/api/health', timeout=2)"]
CMD ["nudge", "serve", "--host", "0.0.0.0", "--port", "8000"]
