window.YTD.tweets.part0 = [
  {
    "tweet": {
      "id": "9007199254740993001",
      "id_str": "9007199254740993001",
      "full_text": "Hola @CafeBrisa",
      "created_at": "Sun Mar 01 10:00:00 +0000 2026",
      "favorite_count": "3",
      "retweet_count": "1",
      "lang": "es",
      "entities": {
        "user_mentions": [
          {
            "screen_name": "CafeBrisa"
          }
        ]
      },
      "in_reply_to_screen_name": "CafeBrisa"
    }
  },
  {
    "tweet": {
      "id": "2",
      "id_str": "2",
      "full_text": "RT @Leo_Dos: wow",
      "created_at": "Sun Mar 01 10:00:00 +0000 2026",
      "favorite_count": "3",
      "retweet_count": "1",
      "lang": "es",
      "entities": {
        "user_mentions": []
      }
    }
  },
  {
    "tweet": {
      "id": "3",
      "id_str": "3",
      "full_text": "",
      "created_at": "Sun Mar 01 10:00:00 +0000 2026",
      "favorite_count": "3",
      "retweet_count": "1",
      "lang": "es",
      "entities": {
        "user_mentions": []
      }
    }
  }
]