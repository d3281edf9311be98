curl --fail --silent --show-error \
  --header 'content-type: application/json' \
  --data '{"title": "How do I merge two dictionaries in Python?", "body": "<p>In one expression.</p>"}' \
  http://127.0.0.1:8080/api/v1/predict
