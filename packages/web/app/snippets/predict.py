import json
from urllib.request import Request, urlopen


def tags_of(title: str, body: str = "") -> dict:
    request = Request(
        "http://127.0.0.1:8080/api/v1/predict",
        data=json.dumps({"title": title, "body": body}).encode(),
        headers={"content-type": "application/json"},
    )
    with urlopen(request, timeout=10) as response:  # raises HTTPError for what is refused
        return json.load(response)


for prediction in tags_of("How do I merge two dictionaries in Python?")["predictions"]:
    print(f"{prediction['confidence']:.0%} {prediction['tag']}")
